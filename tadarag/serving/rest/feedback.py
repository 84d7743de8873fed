"""What people say of answers."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from tadarag.answer_json import feedback_json
from tadarag.serving.json_response import json_response
from tadarag.serving.schemas.feedback import FeedbackBody, FeedbackList, FeedbackResult
from tadarag.serving.service import ServiceOf

router = APIRouter(prefix="/feedback", tags=["feedback"])


@router.post("", status_code=201, response_model=FeedbackResult)
async def give(body: FeedbackBody, service: ServiceOf) -> Response:
    """Say how good an answer is: 1 for a good one, -1 for a bad one, or what lies between. Waits for no ingest."""
    given = await service.read(
        lambda: service.base.feedback(body.answer, body.reward, comment=body.comment, token=body.token.strip() or None)
    )
    return json_response(feedback_json(given), 201)


@router.get("", response_model=FeedbackList)
async def given(service: ServiceOf) -> Response:
    """All feedback, oldest first."""
    found = await service.read(service.base.feedback_given)
    return json_response({"feedback": [feedback_json(one) for one in found]})
